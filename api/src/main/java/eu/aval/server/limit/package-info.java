// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** How much a tenant may send, and how often to one person: what keeps pumping, loops and bills within bounds. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"shared", "personaldata", "encryption", "tenant", "audit", "access", "contact"})
package eu.aval.server.limit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
