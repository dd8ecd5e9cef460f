"""What every layer speaks: findings, errors, ids, JSON values and pointers."""
