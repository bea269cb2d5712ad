create table member (id integer primary key);
