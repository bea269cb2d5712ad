create table team (id integer primary key);
