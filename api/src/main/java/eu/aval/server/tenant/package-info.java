// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Tenants, and the two ways into the database: one tenant per transaction, or the platform across tenants. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata", "encryption", "database"})
package eu.aval.server.tenant;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
