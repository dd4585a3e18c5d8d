// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Carrier plugins and accounts: loading, breakers, health, secrets. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata", "encryption", "tenant", "audit", "access"})
package eu.aval.server.carrier;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
