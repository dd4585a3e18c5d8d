// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The append-only trail of who changed what. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata", "tenant"})
package eu.aval.server.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
