// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Rotation of keys: of the key-encryption key, and of what seals and what indexes, for each tenant and the platform. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "encryption", "tenant", "audit", "access"})
package eu.aval.server.rotation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
