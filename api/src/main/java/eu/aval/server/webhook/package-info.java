// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What happened, told to the tenants' own systems: signed webhooks, and a stream of events. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"shared", "personaldata", "encryption", "outbox", "tenant", "audit", "access"})
package eu.aval.server.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
