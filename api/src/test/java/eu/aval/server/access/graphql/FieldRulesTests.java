// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import graphql.schema.GraphQLSchema;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import org.junit.jupiter.api.Test;

final class FieldRulesTests {

    private static final String ROLES = """
            directive @authorized(roles: [OperatorRole!]!) on FIELD_DEFINITION | OBJECT
            enum OperatorRole { DPO ADMIN }
            """;

    @Test
    void acceptsARuleOnTheFieldOrItsType() {
        assertThatCode(() -> FieldRules.check(schema("""
                        type Query { person: Person @authorized(roles: [DPO]) }
                        type Person @authorized(roles: [DPO, ADMIN]) { name: String key: String @authorized(roles: [ADMIN]) }
                        """))).doesNotThrowAnyException();
    }

    @Test
    void refusesAFieldWithoutARule() {
        assertThatThrownBy(() -> FieldRules.check(schema("""
                        type Query { person: Person @authorized(roles: [DPO]) }
                        type Person { name: String }
                        """))).hasMessageContaining("Person.name");
    }

    @Test
    void refusesARootFieldWithoutARule() {
        assertThatThrownBy(() -> FieldRules.check(schema("type Query { name: String }")))
                .hasMessageContaining("Query.name");
    }

    @Test
    void refusesARuleThatNamesNobody() {
        assertThatThrownBy(() -> FieldRules.check(schema("type Query { name: String @authorized(roles: []) }")))
                .hasMessageContaining("Query.name");
    }

    @Test
    void refusesAWayToATypeForThoseWhoMayNotSeeIt() {
        assertThatThrownBy(() -> FieldRules.check(schema("""
                        type Query { people: [Person!] @authorized(roles: [DPO, ADMIN]) }
                        type Person @authorized(roles: [DPO]) { name: String }
                        """)))
                .hasMessageContaining("Query.people")
                .hasMessageContaining("Person");
    }

    @Test
    void refusesAFieldWhoseRefusalWouldHideOthers() {
        assertThatThrownBy(() -> FieldRules.check(schema("type Query { name: String! @authorized(roles: [DPO]) }")))
                .hasMessageContaining("Query.name");
    }

    @Test
    void refusesSuchAWayThroughAUnion() {
        assertThatThrownBy(() -> FieldRules.check(schema("""
                        type Query { found: Found @authorized(roles: [ADMIN]) }
                        union Found = Person | Tenant
                        type Tenant @authorized(roles: [ADMIN]) { name: String }
                        type Person @authorized(roles: [DPO]) { name: String }
                        """)))
                .hasMessageContaining("Query.found")
                .hasMessageContaining("Person");
    }

    private static GraphQLSchema schema(String sdl) {
        var wiring = RuntimeWiring.newRuntimeWiring()
                .type("Found", type -> type.typeResolver(environment -> null))
                .build();
        return new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(ROLES + sdl), wiring);
    }
}
