// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What people write to us, and what they want by it: kept, and acted on in the same transaction. */
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
            "consent",
            "carrier",
            "message",
            "message :: dispatch"
        })
package eu.aval.server.inbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
