# setting NAME: its value in the mounted env file
setting() {
    sed -n "s/^$1=//p" .env 2>/dev/null | tr -d '"'
}
