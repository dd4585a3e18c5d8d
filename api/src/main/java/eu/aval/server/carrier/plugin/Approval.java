// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

/** What an administrator said about a digest: a line of the allow-list. */
public record Approval(String sha256, String pluginId, boolean revoked) {}
