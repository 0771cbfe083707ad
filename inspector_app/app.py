1 out of 8 hunks FAILED -- saving rejects to file /tmp/mine_head.rej
