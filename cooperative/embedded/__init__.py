"""The launcher behind `make run` and `make test`, with a PostgreSQL and a Valkey of its own.

Everything in this folder is for one machine without any server: it makes the virtual environment,
starts the two servers from wheels inside `.local/`, then migrations, web, worker and beat, and
stops all of it together. Nothing outside this folder imports it; with `DATABASE_URL` or `REDIS_URL`
set the server of that name is not even imported. It can be deleted where real servers are used.

Only the standard library is imported here: the launcher runs before anything is installed.
"""
