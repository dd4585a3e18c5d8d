// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Purposes, the consent ledger and the suppression list. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"shared", "personaldata", "encryption", "outbox", "tenant", "audit", "access", "contact"
        })
package eu.aval.server.consent;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
