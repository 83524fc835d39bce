"""Site -> exactly what each template sees."""
