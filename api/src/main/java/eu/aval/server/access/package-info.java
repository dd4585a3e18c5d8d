// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Who may do what: API keys of applications, tokens of people, scopes, roles and rates. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata", "encryption", "tenant", "audit"})
package eu.aval.server.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
