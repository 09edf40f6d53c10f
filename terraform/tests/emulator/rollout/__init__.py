"""What CodeDeploy does with a deployment of ECS. README.md says what is known of it and from where."""
