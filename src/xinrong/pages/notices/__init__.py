"""What a person is told, what they want to be told, and what could not be sent."""
