"""What the club is measured by: each program prints one table."""
