"""Pages of classes: what they are, where an enterprise stands, who of each class has finance."""
