# By the user's name:
terraform import ram_user.alice alice
