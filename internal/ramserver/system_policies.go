package ramserver

import (
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// servicePolicies are the services that have both a full and a read-only policy, with their action codes.
var servicePolicies = map[string]string{
	"ECS": "ecs", "VPC": "vpc", "EIP": "vpc", "NATGateway": "vpc", "VPNGateway": "vpc", "ExpressConnect": "vpc",
	"SLB": "slb", "ALB": "alb", "CEN": "cen", "PrivateLink": "privatelink",
	"OSS": "oss", "NAS": "nas", "OTS": "ots", "HBR": "hbr",
	"RDS": "rds", "Kvstore": "kvstore", "MongoDB": "dds", "Polardb": "polardb", "GPDB": "gpdb", "ADB": "adb",
	"DRDS": "drds", "HBase": "hbase", "DTS": "dts", "ClickHouse": "clickhouse",
	"CS": "cs", "ContainerRegistry": "cr", "ECI": "eci", "ESS": "ess", "ROS": "ros", "OOS": "oos", "FC": "fc", "FnF": "fnf",
	"Log": "log", "ARMS": "arms", "CloudMonitor": "cms", "TracingAnalysis": "xtrace", "Config": "config",
	"ActionTrail": "actiontrail", "KMS": "kms", "MNS": "mns", "MQ": "mq", "Kafka": "alikafka", "EventBridge": "eventbridge",
	"CDN": "cdn", "DCDN": "dcdn", "DNS": "alidns", "Pvtz": "pvtz", "ApiGateway": "apigateway", "VOD": "vod", "Live": "live",
	"Elasticsearch": "elasticsearch", "Hologres": "hologram", "IOT": "iot",
	"YundunSAS": "yundun-sas", "YundunWAF": "yundun-waf", "YundunCert": "yundun-cert",
	"YundunCloudFirewall": "yundun-cloudfirewall", "YundunDDos": "yundun-ddos", "YundunBastionHost": "yundun-bastionhost",
	"ResourceDirectory": "resourcemanager", "TAG": "tag", "BSS": "bss bssapi", "RAM": "ram ims",
}

// otherPolicies are the rest, with the actions that they allow.
var otherPolicies = map[string][]string{
	"AdministratorAccess":                        {"*"},
	"ReadOnlyAccess":                             {"*:Get*", "*:List*", "*:Describe*", "*:Query*"},
	"AliyunSTSAssumeRoleAccess":                  {"sts:AssumeRole"},
	"AliyunECSNetworkInterfaceManagementAccess":  {"ecs:*NetworkInterface*"},
	"AliyunOTSWriteOnlyAccess":                   {"ots:Put*", "ots:Update*", "ots:Delete*", "ots:BatchWrite*"},
	"AliyunFCInvocationAccess":                   {"fc:InvokeFunction"},
	"AliyunCloudMonitorMetricDataReadOnlyAccess": {"cms:DescribeMetric*"},
	"AliyunKMSCryptoAccess":                      {"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"},
	"AliyunMQPubOnlyAccess":                      {"mq:PUB"},
	"AliyunMQSubOnlyAccess":                      {"mq:SUB"},
	"AliyunEventBridgePutEventsPolicy":           {"eventbridge:PutEvents"},
	"AliyunBSSOrderAccess":                       {"bss:*Order*", "bssapi:*Order*"},
	"AliyunBSSRefundAccess":                      {"bss:*Refund*", "bssapi:*Refund*"},
	"AliyunDomainFullAccess":                     {"domain:*"},
	"AliyunMTSFullAccess":                        {"mts:*"},
	"AliyunDataWorksFullAccess":                  {"dataworks:*"},
	"AliyunEMRFullAccess":                        {"emr:*"},
	"AliyunSupportFullAccess":                    {"support:*"},
	"AliyunMarketplaceFullAccess":                {"market:*"},
}

// systemPolicies returns the catalogue by name in lower case. It is the part of the real one that the documentation
// names; the documents follow its pattern and are not the real ones to the letter.
var systemPolicies = sync.OnceValue(func() map[string]*policy {
	all := map[string]*policy{}
	add := func(name, description, element string, actions []string) {
		all[strings.ToLower(name)] = systemPolicy(name, description, element, actions)
	}
	for service, codes := range servicePolicies {
		var full, readOnly []string
		for code := range strings.FieldsSeq(codes) {
			full = append(full, code+":*")
			readOnly = append(readOnly, code+":Get*", code+":List*", code+":Describe*", code+":Query*")
		}
		add("Aliyun"+service+"FullAccess", "Provides full access to "+service+" through the console.", "Action", full)
		add("Aliyun"+service+"ReadOnlyAccess", "Provides read-only access to "+service+" through the console.", "Action", readOnly)
	}
	for name, actions := range otherPolicies {
		add(name, "Allows "+strings.Join(actions, ", ")+".", "Action", actions)
	}
	add("PowerUserAccess", "Provides full access to everything but identities and the organization.",
		"NotAction", []string{"ram:*", "ims:*", "resourcemanager:*"})
	return all
})

func systemPolicy(name, description, element string, actions []string) *policy {
	created := time.Date(2015, time.May, 1, 0, 0, 0, 0, time.UTC)
	document, err := json.MarshalIndent(map[string]any{
		"Version":   "1",
		"Statement": []any{map[string]any{"Effect": "Allow", element: actions, "Resource": "*"}},
	}, "", "  ")
	if err != nil {
		panic(err) // strings and lists of them
	}
	return &policy{
		PolicyName: name, PolicyType: system, Description: description, CreateDate: created, UpdateDate: created,
		DefaultVersion: "v1", VersionsMade: 1,
		Versions: []policyVersion{{VersionID: "v1", PolicyDocument: string(document), CreateDate: created}},
	}
}
