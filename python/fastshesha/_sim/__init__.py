"""What lies behind the public module ``sim``."""
