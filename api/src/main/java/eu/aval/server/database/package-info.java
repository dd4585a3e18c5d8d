// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The PostgreSQL behind the server: which one, its roles, its schema, and the embedded one when none is named. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared"})
package eu.aval.server.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
