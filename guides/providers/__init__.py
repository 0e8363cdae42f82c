"""What can be done about a credential at whoever issued it: one YAML file per provider, and their look-up."""
