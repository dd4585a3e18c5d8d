// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What carriers tell later: receipts move messages forward, and what people write is handed on. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "personaldata",
            "encryption",
            "outbox",
            "tenant",
            "carrier",
            "inbound",
            "message",
            "message :: dispatch"
        })
package eu.aval.server.delivery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
