// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Values that tell who somebody is or what they wrote: they mask themselves, and plaintext needs a token. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared"})
package eu.aval.server.personaldata;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
