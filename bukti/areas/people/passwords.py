"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters: 19 MiB a sign-in instead of Django's 100 MB."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
