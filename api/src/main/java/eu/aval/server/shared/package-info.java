// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Words that every feature uses: tenant, ids, problems. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package eu.aval.server.shared;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
