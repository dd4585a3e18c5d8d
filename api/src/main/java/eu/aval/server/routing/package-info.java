// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Which account carries a message, and what comes next when it cannot. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata", "tenant", "audit", "access", "policy", "carrier"})
package eu.aval.server.routing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
