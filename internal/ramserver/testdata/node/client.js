"use strict";
// Works on the account at the address HOST:PORT in the first argument as a program would that is written for Alibaba
// Cloud, and prints what it saw.
const { Config } = require("@alicloud/openapi-client");
const ram = require("@alicloud/ram20150501");
const ims = require("@alicloud/ims20190815");
const sts = require("@alicloud/sts20150401");

function config(accessKeyId, accessKeySecret, securityToken) {
  return new Config({ accessKeyId, accessKeySecret, securityToken, endpoint: process.argv[2], protocol: "http" });
}

async function main() {
  const key = [process.env.ALIBABA_CLOUD_ACCESS_KEY_ID, process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET];
  const users = new ram.default(config(...key));
  const identities = new ims.default(config(...key));
  const tokens = new sts.default(config(...key));
  const saw = {};

  const name = new ram.GetUserRequest({ userName: "alice" });
  const comments = "a b*c~d/中+e&f=g";
  await users.createUser(new ram.CreateUserRequest({ userName: "alice", comments }));
  saw.comments = (await users.getUser(name)).body.user.comments === comments;

  saw.pages = [];
  for (let marker; saw.pages.length === 0 || marker;) {
    const page = (await users.listUsers(new ram.ListUsersRequest({ marker, maxItems: 2 }))).body;
    saw.pages.push(page.users.user.map((user) => user.userName));
    marker = page.isTruncated ? page.marker : undefined;
  }

  const domain = (await identities.getDefaultDomain()).body.defaultDomainName;
  const created = await identities.createUser(new ims.CreateUserRequest({
    userPrincipalName: "dora@" + domain, displayName: "Dora", tag: [{ key: "team", value: "red" }],
  }));
  saw.tag = created.body.user.tags.tag[0].tagValue;

  const roleArn = (await users.getRole(new ram.GetRoleRequest({ roleName: "auditor" }))).body.role.arn;
  const session = (await tokens.assumeRole(new sts.AssumeRoleRequest({ roleArn, roleSessionName: "node" }))).body.credentials;
  const assumed = new sts.default(config(session.accessKeyId, session.accessKeySecret, session.securityToken));
  saw.caller = (await assumed.getCallerIdentity()).body.identityType;

  await users.deleteUser(new ram.DeleteUserRequest({ userName: "alice" }));
  try {
    await users.getUser(name);
  } catch (error) {
    saw.error = [error.statusCode, error.code];
  }
  console.log(JSON.stringify(saw));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
