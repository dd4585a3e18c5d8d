// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Messages from the request to the carrier: accept, journal, dispatch, look-up. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "personaldata",
            "encryption",
            "outbox",
            "tenant",
            "audit",
            "access",
            "contact",
            "limit",
            "consent",
            "policy",
            "carrier",
            "routing"
        })
package eu.aval.server.message;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
