// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** As it comes. Shows nothing: every field may be personal. */
record OptOutRequest(
        @Nullable String to,
        @Nullable String sender,
        @Nullable List<@Nullable String> messageClasses,
        @Nullable Boolean all,
        @Nullable String source) {

    @Override
    public String toString() {
        return "OptOutRequest[]";
    }
}
