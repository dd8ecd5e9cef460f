"""The catalogue as Markdown pages: values in, path to text out."""
