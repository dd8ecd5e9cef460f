"""What builds and reads names and links; imports nothing but itself, and is copied into generated clients."""
