"""What `generated/` holds, as a function of the catalogue and of what was released: values in, bytes out."""
