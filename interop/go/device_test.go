package interop

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

func device() *oauth2.Config {
	return &oauth2.Config{
		ClientID: tv.ID,
		Endpoint: oauth2.Endpoint{
			DeviceAuthURL: ready.Issuer + "/device_authorization",
			TokenURL:      ready.Issuer + "/token",
			AuthStyle:     oauth2.AuthStyleInParams,
		},
		Scopes: []string{"openid", "email", "offline_access", read},
	}
}

func TestG14_DeviceAuth(t *testing.T) {
	ctx, _ := watch(t)
	app := device()
	asked, err := app.DeviceAuth(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the address", asked.VerificationURI, ready.Issuer+"/device")
	want(t, "the interval", asked.Interval, int64(5))
	done := newPerson(t).device(t, asked.VerificationURIComplete, "allow")
	want(t, "that it is connected", strings.Contains(done, "Your device is connected"), true)

	// The person has answered: the first poll may come soon.
	asked.Interval = 1
	token, err := app.DeviceAccessToken(ctx, asked)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the API's answer", statusOf(t, app.Client(ctx, token), http.MethodGet).StatusCode, http.StatusOK)
	told := verify(t, token.Extra("id_token").(string))
	want(t, "aud", told["aud"], tv.ID)
}

func TestG14_DeviceDenied(t *testing.T) {
	ctx, _ := watch(t)
	app := device()
	asked, err := app.DeviceAuth(ctx)
	if err != nil {
		t.Fatal(err)
	}
	newPerson(t).device(t, asked.VerificationURIComplete, "deny")
	asked.Interval = 1
	_, err = app.DeviceAccessToken(ctx, asked)
	want(t, "the refusal", err != nil && strings.Contains(err.Error(), "access_denied"), true)
}
