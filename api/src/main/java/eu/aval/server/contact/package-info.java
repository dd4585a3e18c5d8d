// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** People as a tenant knows them: one subject for each number, found by its blind index, sealed under a key of its own. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata", "encryption", "outbox", "tenant"})
package eu.aval.server.contact;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
