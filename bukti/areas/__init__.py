"""What is kept, and how it changes. Each area leans only on the areas beneath it."""
