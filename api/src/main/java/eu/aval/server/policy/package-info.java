// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The gate: facts in, a verdict out. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata", "tenant", "audit", "access", "contact", "consent"})
package eu.aval.server.policy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
