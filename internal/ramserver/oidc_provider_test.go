package ramserver

import (
	"strings"
	"testing"
	"time"
)

func TestOIDCProviderCodes(t *testing.T) {
	const (
		named  = "OIDCProviderName=ci"
		issuer = "&IssuerUrl=https://ci.example.com"
		prints = "&Fingerprints=aa,bb"
	)
	play(
		t, &Server{Quotas: Quotas{OIDCProviders: 2}},
		step{"ims CreateOIDCProvider", issuer[1:] + prints, "400 MissingOIDCProviderName"},
		step{"ims CreateOIDCProvider", named + prints, "400 MissingIssuerUrl"},
		step{"ims CreateOIDCProvider", named + issuer, "400 MissingFingerprints"},
		step{"ims CreateOIDCProvider", "OIDCProviderName=_ci" + issuer + prints, "400 InvalidParameter.OIDCProviderName.InvalidChars"},
		step{"ims CreateOIDCProvider", named + prints + "&IssuerUrl=http://ci.example.com", "400 InvalidParameter.IssuerUrl.Format"},
		step{"ims CreateOIDCProvider", named + prints + "&IssuerUrl=https://ci.example.com?a=b", "400 InvalidParameter.IssuerUrl.Format"},
		step{"ims CreateOIDCProvider", named + prints + "&IssuerUrl=https://me@ci.example.com", "400 InvalidParameter.IssuerUrl.Format"},
		step{"ims CreateOIDCProvider", named + prints + "&IssuerUrl=https://" + strings.Repeat("a", 250), "400 InvalidParameter.IssuerUrl.Length"},
		step{"ims CreateOIDCProvider", named + issuer + "&Fingerprints=a:b", "400 InvalidParameter.Fingerprints.InvalidChars"},
		step{"ims CreateOIDCProvider", named + issuer + "&Fingerprints=", "400 InvalidParameter.Fingerprints.Length"},
		step{"ims CreateOIDCProvider", named + issuer + "&Fingerprints=a,b,c,d,e,f", "409 LimitExceeded.OIDCProvider.Fingerprint"},
		step{"ims CreateOIDCProvider", named + issuer + prints + "&ClientIds=.a", "400 InvalidParameter.ClientIds.InvalidChars"},
		step{"ims CreateOIDCProvider", named + issuer + prints + "&ClientIds=" + strings.Repeat("a", 129), "400 InvalidParameter.ClientIds.Length"},
		step{"ims CreateOIDCProvider", named + issuer + prints + "&Description=" + strings.Repeat("a", 257), "400 InvalidParameter.Description.Length"},
		step{"ims CreateOIDCProvider", named + issuer + prints + "&IssuanceLimitTime=169", "400 InvalidParameter.IssuanceLimitTime.Range"},
		step{"ims CreateOIDCProvider", named + issuer + prints + "&ClientIds=a", "200"},
		step{"ims CreateOIDCProvider", named + issuer + "x" + prints, "409 EntityAlreadyExists.OIDCProvider"},
		step{"ims CreateOIDCProvider", named + "2" + issuer + prints, "409 EntityAlreadyExists.OIDCProvider"},
		step{"ims CreateOIDCProvider", named + "2" + issuer + "/2" + prints, "200"},
		step{"ims CreateOIDCProvider", named + "3" + issuer + "/3" + prints, "409 LimitExceeded.OIDCProvider"},
		step{"ims GetOIDCProvider", named + "3", "404 EntityNotExist.OIDCProvider"},

		step{"ims AddClientIdToOIDCProvider", named + "&ClientId=b", "200"},
		step{"ims AddClientIdToOIDCProvider", named + "&ClientId=b", "409 EntityAlreadyExists.OIDCProvider.ClientId"},
		step{"ims AddClientIdToOIDCProvider", named + "&ClientId=b,c", "400 InvalidParameter.ClientId.InvalidChars"},
		step{"ims AddClientIdToOIDCProvider", named, "400 MissingClientId"},
		step{"ims RemoveClientIdFromOIDCProvider", named + "&ClientId=c", "404 EntityNotExist.OIDCProvider.ClientId"},
		step{"ims RemoveClientIdFromOIDCProvider", named + "&ClientId=a", "200"},
		step{"ims RemoveClientIdFromOIDCProvider", named + "&ClientId=b", "200"},
		step{"ims AddFingerprintToOIDCProvider", named + "&Fingerprint=cc", "200"},
		step{"ims AddFingerprintToOIDCProvider", named + "&Fingerprint=dd", "200"},
		step{"ims AddFingerprintToOIDCProvider", named + "&Fingerprint=ee", "200"},
		step{"ims AddFingerprintToOIDCProvider", named + "&Fingerprint=ff", "409 LimitExceeded.OIDCProvider.Fingerprint"},
		step{"ims RemoveFingerprintFromOIDCProvider", named + "2&Fingerprint=cc", "404 EntityNotExist.OIDCProvider.Fingerprint"},
		step{"ims RemoveFingerprintFromOIDCProvider", named + "2&Fingerprint=aa", "200"},
		step{"ims RemoveFingerprintFromOIDCProvider", named + "2&Fingerprint=bb", "409 DeleteConflict.OIDCProvider.Fingerprint"},
		step{"ims DeleteOIDCProvider", named, "200"},
		step{"ims DeleteOIDCProvider", named, "404 EntityNotExist.OIDCProvider"},
	)
	play(
		t, &Server{Unsure: Unsure{OIDCListsForgiving: true, FingerprintsInLowerCase: true}},
		step{"ims CreateOIDCProvider", named + issuer + prints, "200"},
		step{"ims AddFingerprintToOIDCProvider", named + "&Fingerprint=AA", "200"},
		step{"ims RemoveFingerprintFromOIDCProvider", named + "&Fingerprint=cc", "200"},
	)
}

func TestAnOIDCProviderIsShownAsItWasMadeAndChanged(t *testing.T) {
	for unsure, want := range map[Unsure]struct {
		prints, clients string
		hours           float64
	}{
		{}: {"AA,bb", "a,b", 6},
		{ListsReversed: true, FingerprintsInLowerCase: true, UpdateOIDCProviderResets: true}: {"bb,aa", "", 12},
	} {
		now := time.UnixMilli(1700000000000)
		s := Server{Unsure: unsure, Now: func() time.Time { return now }}
		c := rootClient(t, &s)
		made := c.ims("CreateOIDCProvider", "OIDCProviderName=ci", "IssuerUrl=https://ci.example.com", "Fingerprints=AA,bb", "ClientIds=a,b,a", "IssuanceLimitTime=6")
		if made.text("OIDCProvider.Arn") != "acs:ram::1234567890123456:oidc-provider/ci" || made.text("OIDCProvider.GmtCreate") != "1700000000000" {
			t.Errorf("made: %v", made)
		}
		c.ims("UpdateOIDCProvider", "OIDCProviderName=ci", "NewDescription=Builds")
		got := c.ims("GetOIDCProvider", "OIDCProviderName=ci")
		if got.text("OIDCProvider.Fingerprints") != want.prints || got.text("OIDCProvider.ClientIds") != want.clients ||
			got.at("OIDCProvider.IssuanceLimitTime") != want.hours || got.text("OIDCProvider.Description") != "Builds" {
			t.Errorf("%+v: %v", unsure, got)
		}
		replaced := c.ims("UpdateOIDCProvider", "OIDCProviderName=ci", "ClientIds=c", "IssuanceLimitTime=7")
		if replaced.text("OIDCProvider.ClientIds") != "c" || replaced.at("OIDCProvider.IssuanceLimitTime") != float64(7) {
			t.Errorf("replaced: %v", replaced)
		}
	}
}
