// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Tokens of people that issuers of OpenID Connect sign: which are believed, and what they grant here. */
@NullMarked
package eu.aval.server.access.oidc;

import org.jspecify.annotations.NullMarked;
