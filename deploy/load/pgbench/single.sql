insert into load_row (id, tenant_id, text) values (uuidv7(), '00000000-0000-0000-0000-000000000001', decode(repeat('ab', 160), 'hex'));
