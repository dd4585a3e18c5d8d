// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.rest;

import org.jspecify.annotations.Nullable;

/** As it comes. Shows nothing: every field may be personal. */
record ConsentRequest(
        @Nullable String to,
        @Nullable String purpose,
        @Nullable String status,
        @Nullable String givenAt,
        @Nullable String source,
        @Nullable String wordingVersion,
        @Nullable String locale,
        @Nullable String evidence,
        @Nullable String expiresAt,
        @Nullable String givenBy,
        @Nullable String ageBand,
        @Nullable String ageBandUntil) {

    @Override
    public String toString() {
        return "ConsentRequest[]";
    }
}
