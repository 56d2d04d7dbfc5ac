"""Sends one JSON body to one address and prints the answer: post.py URL BODY."""
import sys
import urllib.request

request = urllib.request.Request(sys.argv[1], data=sys.argv[2].encode(), headers={"Content-Type": "application/json"})
with urllib.request.urlopen(request, timeout=30) as response:
    print(response.read().decode())
