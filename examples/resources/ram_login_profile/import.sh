# By the user's name; the password stays as it is:
terraform import ram_login_profile.alice alice
