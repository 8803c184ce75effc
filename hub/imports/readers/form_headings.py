def is_form_heading(t): return False
