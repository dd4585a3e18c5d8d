// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Tink: keysets of tenants, keys of subjects, the blind index, and the rotation of each. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata"})
package eu.aval.server.encryption;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
