// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** That an operator has been recognised. Holds no secret. */
final class OperatorAuthentication extends AbstractAuthenticationToken {

    private final Operator operator;

    OperatorAuthentication(Operator operator) {
        super(operator.roles().stream()
                .map(role -> new SimpleGrantedAuthority("ROLE_" + role.name()))
                .toList());
        this.operator = operator;
        super.setAuthenticated(true);
    }

    @Override
    public Operator getPrincipal() {
        return operator;
    }

    @Override
    public String getCredentials() {
        return "";
    }

    /** By id: names of people stay out of logs. */
    @Override
    public String getName() {
        return operator.id().toString();
    }

    @Override
    public String toString() {
        return "OperatorAuthentication[" + operator.id() + "]";
    }
}
