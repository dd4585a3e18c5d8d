// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Rule packs and simulations for the people who answer for them. */
@NullMarked
package eu.aval.server.policy.graphql;

import org.jspecify.annotations.NullMarked;
