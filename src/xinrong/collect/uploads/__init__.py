"""Files that people send on the page: received in pieces, looked at, confirmed, taken in."""
