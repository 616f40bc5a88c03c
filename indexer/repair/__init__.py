"""What people meant, where what they typed is found nowhere."""
